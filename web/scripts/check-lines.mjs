// Every source file stays under 400 lines; a file that grows becomes a folder split by verb.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAX_LINES = 400
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const skipped = new Set(['node_modules', 'dist', 'coverage'])

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sourceFiles(path)
    else if (/\.(ts|vue|css|mjs)$/.test(entry.name) && !/(^|[.-])(generated|schema)\.ts$/.test(entry.name)) yield path
  }
}

const long = [...sourceFiles(root)]
  .map((path) => [path, readFileSync(path, 'utf8').split('\n').length - 1])
  .filter(([, lines]) => lines > MAX_LINES)
for (const [path, lines] of long) console.error(`${relative(root, path)}: ${lines} lines, at most ${MAX_LINES}`)
process.exit(long.length ? 1 : 0)
