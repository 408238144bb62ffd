/** Declarations of interests (C5.2): one's own, or entered by an administrator for a proctor. */
import { api, take, type Schemas } from '../api.ts'

export type Declaration = Schemas['OwnDeclaration']
export type RelativeForm = Schemas['RelativeForm']

/** Where a declaration is read and written. */
export interface DeclarationDoor {
  read: () => Promise<Declaration>
  declare: (employer: string) => Promise<Declaration>
  add: (relative: RelativeForm) => Promise<unknown>
  remove: (relativeId: string) => Promise<unknown>
}

export const OWN: DeclarationDoor = {
  read: () => take(api.GET('/api/my/declaration')),
  declare: (employer) => take(api.PUT('/api/my/declaration', { body: { employer } })),
  add: (relative) => take(api.POST('/api/my/relatives', { body: relative })),
  remove: (relative_id) => take(api.DELETE('/api/my/relatives/{relative_id}', { params: { path: { relative_id } } })),
}

/** The declaration of somebody else; each look is recorded. */
export function declarationOf(staff_id: string): DeclarationDoor {
  const params = { path: { staff_id } }
  return {
    read: () => take(api.GET('/api/proctors/{staff_id}/declaration', { params })),
    declare: (employer) => take(api.PUT('/api/proctors/{staff_id}/declaration', { params, body: { employer } })),
    add: (relative) => take(api.POST('/api/proctors/{staff_id}/relatives', { params, body: relative })),
    remove: (relative_id) => take(api.DELETE('/api/proctors/{staff_id}/relatives/{relative_id}', { params: { path: { staff_id, relative_id } } })),
  }
}
