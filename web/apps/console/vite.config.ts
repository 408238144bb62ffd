import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

// Served under /console/ with a CSP that knows no inline script and no eval.
export default defineConfig({
  base: '/console/',
  plugins: [
    vue(),
    components({ dts: 'src/components.d.ts', dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
  ],
  build: {
    target: 'chrome120',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      output: {
        // What changes with each release stays apart from what does not, and charts load with the first page that draws one.
        manualChunks(id) {
          if (/node_modules\/(echarts|zrender)\//.test(id)) return 'charts'
          if (/node_modules\/(vue|@vue|pinia|vue-router)\//.test(id)) return 'vue'
          return undefined
        },
      },
    },
  },
  define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
  server: { proxy: { '/api': { target: process.env['INVIGIL_SERVER'] ?? 'https://127.0.0.1:8443', secure: false, ws: true } } },
})
