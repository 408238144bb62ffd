// The first load of an application (what index.html names, and what those files import statically) must fit its budget:
// package.json → invigil.first_load_gzip_bytes. Chunks loaded later by import() are printed, not counted.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const apps = join(dirname(fileURLToPath(import.meta.url)), '..', 'apps')

/** Files the page must fetch before it can show anything, relative to dist. */
function firstLoad(dist) {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const wanted = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((hit) => hit[1])
  const found = new Set()
  while (wanted.length) {
    const name = `assets/${wanted.pop().split('/').pop()}`
    if (found.has(name)) continue
    found.add(name)
    if (!name.endsWith('.js')) continue
    const code = readFileSync(join(dist, name), 'utf8')
    for (const hit of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) wanted.push(hit[1])
  }
  return ['index.html', ...found]
}

const gzipBytes = (dist, names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name)), { level: 9 }).length, 0)

let failed = false
for (const app of readdirSync(apps)) {
  const budget = JSON.parse(readFileSync(join(apps, app, 'package.json'), 'utf8')).invigil?.first_load_gzip_bytes
  const dist = join(apps, app, 'dist')
  if (!budget) continue
  if (!existsSync(join(dist, 'index.html'))) {
    console.error(`${app}: not built; run "npm run build" first`)
    failed = true
    continue
  }
  const names = firstLoad(dist)
  const bytes = gzipBytes(dist, names)
  const later = readdirSync(join(dist, 'assets')).map((name) => `assets/${name}`).filter((name) => /\.(js|css)$/.test(name) && !names.includes(name))
  const line = `${app}: first load ${(bytes / 1024).toFixed(1)} kB of ${(budget / 1024).toFixed(0)} kB gzip (${names.length} files), later ${(gzipBytes(dist, later) / 1024).toFixed(1)} kB`
  console[bytes > budget ? 'error' : 'log'](line)
  failed ||= bytes > budget
}
process.exit(failed ? 1 : 0)
