import '@invigil/ui/tokens.css'
import '@invigil/ui/base.css'
import './styles/controls.css'

import { createApp } from 'vue'

import App from './App.vue'
import { keepShell } from './offline-shell.ts'
import { router } from './router.ts'

createApp(App).use(router).mount('#app')
void keepShell()
