/** The review screen without a mouse. */
export interface KeyActs {
  toggle: () => void
  by: (ms: number) => void
  step: (direction: 1 | -1) => void
  mark: (direction: 1 | -1) => void
  finding: () => void
}

const JUMP_MS = 5_000

/** Carry out what a key means; keys that are typed into a field or pressed with others mean nothing here. Returns whether it meant something. */
export function keyAct(event: KeyboardEvent, acts: KeyActs): boolean {
  const target = event.target as HTMLElement | null
  if (event.ctrlKey || event.metaKey || event.altKey || target?.closest('input, textarea, [contenteditable], .el-select, .el-dialog')) return false
  const meaning: Record<string, () => void> = {
    ' ': acts.toggle,
    ArrowLeft: () => acts.by(-JUMP_MS),
    ArrowRight: () => acts.by(JUMP_MS),
    ',': () => acts.step(-1),
    '.': () => acts.step(1),
    n: () => acts.mark(1),
    p: () => acts.mark(-1),
    m: acts.finding,
  }
  const act = meaning[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  if (act === undefined) return false
  event.preventDefault()
  act()
  return true
}
