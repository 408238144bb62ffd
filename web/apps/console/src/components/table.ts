/** A column of DataTable. Keys are also the names of its slot and of the server's sort column. */
export interface Column {
  key: string
  label: string
  width?: number | string
  minWidth?: number | string
  align?: 'left' | 'center' | 'right'
  isSortable?: boolean
  /** May be hidden by the person. */
  isOptional?: boolean
  /** Hidden until the person wants it; only for optional columns. */
  isHiddenAtFirst?: boolean
  fixed?: 'left' | 'right'
}
