import { createApp, h } from 'vue'

createApp({ render: () => h('p', '明鉴') }).mount('#app')
