import { createRouter, createWebHistory } from 'vue-router'

import LoginPage from './pages/LoginPage.vue'
import ReceiptPage from './pages/ReceiptPage.vue'
import SittingPage from './pages/SittingPage.vue'
import SittingsPage from './pages/SittingsPage.vue'

// Everything comes with the first load: a page that is fetched later could be missing when the network is.
export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    { path: '/', name: 'login', component: LoginPage },
    { path: '/sittings', name: 'sittings', component: SittingsPage },
    { path: '/sit/:sittingId', name: 'sitting', component: SittingPage, props: true },
    { path: '/sit/:sittingId/receipt', name: 'receipt', component: ReceiptPage, props: true },
    { path: '/:rest(.*)', redirect: '/' },
  ],
})
