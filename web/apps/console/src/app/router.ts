import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw } from 'vue-router'

import { useLogin } from '../stores/login.ts'
import { shell, type PageName } from './messages.ts'
import { routes } from './routes.ts'

/** Return the router; whoever is not logged in goes to the login page and comes back afterwards. */
export function makeRouter() {
  const router = createRouter({ history: createWebHistory('/console/'), routes, scrollBehavior: () => ({ top: 0 }) })
  router.beforeEach(async (to) => {
    const login = useLogin()
    if (!login.isKnown) await login.recognise()
    return whereInstead(to, login)
  })
  router.afterEach((to) => {
    const title = shell.value.pages[to.name as PageName]
    document.title = title ? `${title} · ${shell.value.product}` : shell.value.productFull
  })
  return router
}

function whereInstead(to: RouteLocationNormalized, login: ReturnType<typeof useLogin>): RouteLocationRaw | true {
  if (to.name === 'login') return login.isComplete ? backFrom(to) : true
  if (!login.isComplete) return { name: 'login', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
  if (!login.holds(to.meta.roles ?? [])) return { name: 'notAllowed', query: { page: String(to.name) } }
  return true
}

/** Where the login page leads; only to pages of the console itself. */
export function backFrom(at: Pick<RouteLocationNormalized, 'query'>): string {
  const back = at.query['back']
  return typeof back === 'string' && /^\/(?!\/)/.test(back) ? back : '/'
}
