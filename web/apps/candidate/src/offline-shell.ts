/** Let the page itself open without network: `public/sw.js` keeps the files of the first load. */

const SHELL = '/sw.js'

interface ScriptPolicy {
  createScriptURL(url: string): string
}
interface ScriptPolicyFactory {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy
}

/** Only our own files ever become script addresses. */
const OWN_SCRIPT = /^\/(sw|assets\/segments\.worker-[\w-]+)\.js$/

/** Return the address as the browser wants it for a worker. Throws TypeError when it is not one of ours. */
export function trustOwnScript(url: string): string {
  const factory = (globalThis as { trustedTypes?: ScriptPolicyFactory }).trustedTypes
  const rules = { createScriptURL: trustOwn }
  return (factory?.createPolicy('invigil', rules) ?? rules).createScriptURL(url)
}

function trustOwn(url: string): string {
  if (!OWN_SCRIPT.test(url) && !import.meta.env.DEV) throw new TypeError(`not our script: ${url}`)
  return url
}

export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register(trustOwnScript(SHELL))
  } catch {
    // A browser or certificate that does not allow it: a reload then needs the network, nothing else changes.
  }
}
