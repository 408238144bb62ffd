import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The server sends a strict CSP: no inline script, no inline style, no eval. Phones are older than PCs: Safari 14 still loads this.
export default defineConfig({
  base: '/phone/',
  plugins: [vue()],
  build: {
    target: ['chrome90', 'safari15'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
  },
  server: { proxy: { '/api': { target: process.env['INVIGIL_SERVER'] ?? 'https://127.0.0.1:8443', secure: false, ws: true } } },
})
