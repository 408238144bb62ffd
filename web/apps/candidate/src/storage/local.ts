/** What must outlive a reload or a crash: IndexedDB with strict durability, one key-value store per kind. */

export type StoreName = 'outbox' | 'entry' | 'plays' | 'log'

const DATABASE = 'invigil-candidate'
const STORES: StoreName[] = ['outbox', 'entry', 'plays', 'log']

let opened: Promise<IDBDatabase> | null = null

/** Write durably; resolves when the browser has flushed. Rejects when local storage does not work. */
export async function keepLocally(store: StoreName, key: string, value: unknown): Promise<void> {
  const transaction = (await open()).transaction(store, 'readwrite', { durability: 'strict' })
  transaction.objectStore(store).put(value, key)
  return finished(transaction)
}

/** Return what was kept, or null. Rejects when local storage does not work. */
export async function readLocally<T>(store: StoreName, key: string): Promise<T | null> {
  const asked = (await open()).transaction(store, 'readonly').objectStore(store).get(key)
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve((asked.result as T | undefined) ?? null)
    asked.onerror = () => reject(asked.error ?? new Error('read failed'))
  })
}

export async function forgetLocally(store: StoreName, key: string): Promise<void> {
  const transaction = (await open()).transaction(store, 'readwrite')
  transaction.objectStore(store).delete(key)
  return finished(transaction)
}

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1)
    asked.onupgradeneeded = () => {
      for (const store of STORES) if (!asked.result.objectStoreNames.contains(store)) asked.result.createObjectStore(store)
    }
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error ?? new Error('open failed'))
    asked.onblocked = () => reject(new Error('blocked by an older page'))
  }).catch((fault: unknown) => {
    opened = null // the next write tries again
    throw fault
  })
  return opened
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('write aborted'))
    transaction.onerror = () => reject(transaction.error ?? new Error('write failed'))
  })
}
