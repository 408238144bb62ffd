import { computed, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { useNewest, type UseNewestReturn } from './useNewest.ts'

export interface PageOf<Row> {
  items: Row[]
  total: number
  page: number
  page_size: number
}

export interface PageQuery {
  page: number
  page_size: number
  q: string
  sort: string
}

export interface UseTableOptions<Filters> {
  /** Filters with their empty values; they are kept in the address, so that reload and "back" find them again. */
  filters?: Filters
  pageSize?: number
  sort?: string
  /** Reload when this changes, e.g. the chosen examination. */
  reloadOn?: () => unknown
  /** False where a second table on the page would fight over the address. */
  keepsAddress?: boolean
}

export interface UseTableReturn<Row, Filters = Record<string, string>> extends UseNewestReturn {
  rows: Readonly<Ref<Row[]>>
  total: Readonly<Ref<number>>
  query: PageQuery
  filters: Filters
  isNarrowed: Readonly<Ref<boolean>>
  narrow: () => Promise<void>
  clear: () => Promise<void>
}

const SEARCH_DELAY_MS = 300

/** Page through a list of the server. load: fetches one page; the answer to the newest question wins. */
export function useTable<Row, Filters extends Record<string, string> = Record<never, string>>(
  load: (query: PageQuery & Filters) => Promise<PageOf<Row>>,
  options: UseTableOptions<Filters> = {},
): UseTableReturn<Row, Filters> {
  const empty = { ...(options.filters ?? {}) } as Filters
  const query = reactive<PageQuery>({ page: 1, page_size: options.pageSize ?? 20, q: '', sort: options.sort ?? '' })
  const filters = reactive({ ...empty }) as Filters
  const address = options.keepsAddress === false ? undefined : useAddress(query, filters)
  const { rows, total, isLoading, fault, reload } = usePages(() => load({ ...query, ...filters }), query)

  async function narrow(): Promise<void> {
    query.page = 1
    await reload()
  }
  async function clear(): Promise<void> {
    Object.assign(filters, empty)
    query.q = ''
    await narrow()
  }
  const isNarrowed = computed(() => query.q !== '' || Object.keys(empty).some((name) => filters[name] !== empty[name]))

  watch(() => [query.page, query.page_size, query.sort], () => void reload())
  watch(() => ({ ...filters }), () => void narrow())
  watch(() => query.q, useDelayed(() => void narrow()))
  if (options.reloadOn) watch(options.reloadOn, () => void narrow())
  if (address) watch(() => ({ ...query, ...filters }), address.write)
  void reload()
  return { rows, total, query, filters, isLoading, fault, isNarrowed, reload, narrow, clear }
}

function usePages<Row>(load: () => Promise<PageOf<Row>>, query: PageQuery) {
  const rows = shallowRef<Row[]>([])
  const total = ref(0)
  const asked = useNewest(load, (page) => {
    rows.value = page.items
    total.value = page.total
    if (page.items.length === 0 && page.total > 0) query.page = Math.ceil(page.total / query.page_size)
  })
  return { rows, total, ...asked }
}

function useDelayed(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, SEARCH_DELAY_MS)
  }
}

function useAddress(query: PageQuery, filters: Record<string, string>) {
  const [route, router] = [useRoute(), useRouter()]
  const first = { ...query, ...filters } as Record<string, string | number>
  for (const [name, value] of Object.entries(route.query)) {
    if (typeof value !== 'string') continue
    if (name === 'page') query.page = Math.max(1, Number(value) || 1)
    else if (name === 'q' || name === 'sort') query[name] = value
    else if (name in filters) filters[name] = value
  }
  const path = route.path
  function write(now: Record<string, string | number>): void {
    if (route.path !== path) return
    const kept = Object.fromEntries(Object.entries(route.query).filter(([name]) => !(name in first)))
    const changed = Object.entries(now).filter(([name, value]) => value !== first[name] && name !== 'page_size')
    void router.replace({ query: { ...kept, ...Object.fromEntries(changed.map(([name, value]) => [name, String(value)])) } })
  }
  return { write }
}
