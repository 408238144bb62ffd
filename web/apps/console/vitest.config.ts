import vue from '@vitejs/plugin-vue'
import { defineProject } from 'vitest/config'

export default defineProject({
  plugins: [vue()],
  test: {
    name: 'console',
    environment: 'jsdom',
    passWithNoTests: true,
    server: { deps: { inline: ['element-plus'] } },
  },
})
