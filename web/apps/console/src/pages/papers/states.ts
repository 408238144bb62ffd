import type { Schemas } from '../../api.ts'
import type { TagKind } from '../../components/states.ts'

export const SET_KINDS: Record<Schemas['PaperSetState'], TagKind> = { draft: 'info', generated: 'warning', proofed: 'warning', locked: 'success', sealed: 'success' }
