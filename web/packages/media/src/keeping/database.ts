/** IndexedDB with promises: what a page stored must outlive it, so every write waits for the disk. */

export function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the local database refused'))
  })
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('the local write was undone'))
    transaction.onerror = () => reject(transaction.error ?? new Error('the local write failed'))
  })
}

/** Write in one transaction; resolves when it is on the disk. Rejects with QuotaExceededError when there is no room. */
export async function write(database: IDBDatabase, stores: string[], act: (transaction: IDBTransaction) => void): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' })
  const end = done(transaction)
  act(transaction)
  await end
}

/** Whether a write was turned down because there is no room. */
export function isFull(fault: unknown): boolean {
  return fault instanceof DOMException && fault.name === 'QuotaExceededError'
}

export interface StoreShape {
  keyPath: string
  autoIncrement?: boolean
  indexes?: Record<string, string>
}

export function openDatabase(name: string, shapes: Record<string, StoreShape>): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      for (const [store, { indexes = {}, ...shape }] of Object.entries(shapes)) {
        const made = request.result.createObjectStore(store, shape)
        for (const [index, keyPath] of Object.entries(indexes)) made.createIndex(index, keyPath)
      }
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the local database does not open'))
    request.onblocked = () => reject(new Error('blocked by an older page'))
  })
}
