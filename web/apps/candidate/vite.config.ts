import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The server sends a strict CSP: no inline script, no inline style, no eval. Vite must therefore inline nothing.
export default defineConfig({
  base: '/',
  plugins: [vue()],
  build: {
    target: 'chrome120',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
  },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
  },
  server: { proxy: { '/api': { target: process.env['INVIGIL_SERVER'] ?? 'https://127.0.0.1:8443', secure: false, ws: true } } },
})
