import '@invigil/ui/tokens.css'
import '@invigil/ui/base.css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import './styles/element.css'
import './styles/console.css'

import { createPinia } from 'pinia'
import { createApp } from 'vue'

import { showFault } from './composables/useAction.ts'
import { makeRouter } from './app/router.ts'
import App from './App.vue'
import { language, setLanguage } from './language.ts'

setLanguage(language.value)
const app = createApp(App)
app.use(createPinia())
app.use(makeRouter())
app.config.errorHandler = (fault) => {
  reportError(fault)
  showFault(fault)
}
app.mount('#app')
