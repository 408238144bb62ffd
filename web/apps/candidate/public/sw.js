// Keeps the files of the candidate page's first load, so that a reload works without network (F7).
// The network always comes first for the page itself; the phone's page, the console and the manuals are never touched.
const SHELL = 'invigil-shell'
const PATIENCE_MS = 4000
// The addresses of the page (router.ts). A worker hears of every page of the site, and would answer for all of them.
const OWN_PAGES = /^\/(?:sittings|sit\/.+)?$/

self.addEventListener('install', (event) => {
  // Requests of the interface go past this worker altogether: what a page sends as it goes away must not wait for it.
  if (event.addRoutes) void event.addRoutes({ condition: { urlPattern: '/api/*' }, source: 'network' })
  event.waitUntil(fetchShell().then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (event.request.mode === 'navigate') {
    if (OWN_PAGES.test(url.pathname)) event.respondWith(openPage())
  } else if (url.pathname.startsWith('/assets/')) event.respondWith(openAsset(event.request))
})

async function openPage() {
  try {
    return await fetchShell()
  } catch (fault) {
    const kept = await (await caches.open(SHELL)).match('/')
    if (kept) return kept
    throw fault
  }
}

async function openAsset(request) {
  const kept = await (await caches.open(SHELL)).match(request.url)
  return kept ?? fetch(request)
}

// Fetch the page; keep it together with every asset it names, and nothing else.
async function fetchShell() {
  const page = await fetch('/', { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) })
  if (!page.ok) throw new Error(`status ${page.status}`)
  const text = await page.clone().text()
  const named = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((hit) => hit[1])
  const later = /name="invigil-later" content="([^"]*)"/.exec(text)?.[1].split(' ').filter(Boolean) ?? []
  const assets = [...named, ...later]
  const shell = await caches.open(SHELL)
  const missing = []
  for (const asset of assets) if (!(await shell.match(asset))) missing.push(asset)
  await shell.addAll(missing)
  await shell.put('/', page.clone())
  for (const request of await shell.keys()) {
    const path = new URL(request.url).pathname
    if (path !== '/' && !assets.includes(path)) await shell.delete(request)
  }
  return page
}
