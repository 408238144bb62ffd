import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

/** Name the files that are only loaded later, so that the service worker keeps them too: a reload offline goes on recording. */
const nameLaterFiles: Plugin = {
  name: 'invigil-later',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const later = Object.keys(bundle ?? {}).filter((name) => name.endsWith('.js') && !html.includes(name))
      return [{ tag: 'meta', attrs: { name: 'invigil-later', content: later.map((name) => `/${name}`).join(' ') }, injectTo: 'head' }]
    },
  },
}

// The server sends a strict CSP: no inline script, no inline style, no eval. Vite must therefore inline nothing.
export default defineConfig({
  base: '/',
  plugins: [vue(), nameLaterFiles],
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
