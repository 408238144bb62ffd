import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Only the part that turns text into elements, built as the page itself is.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [vue()],
  build: {
    target: 'chrome120',
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: fileURLToPath(new URL('page.ts', import.meta.url)),
      output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]' },
    },
  },
  define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
})
