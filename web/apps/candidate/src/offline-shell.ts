/** Let the page itself open without network: `public/sw.js` keeps the files of the first load. */

const SHELL = '/sw.js'

interface ScriptPolicy {
  createScriptURL(url: string): string
}
interface ScriptPolicyFactory {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy
}

/** Only this one address ever becomes a script address. */
function trustShell(url: string): string {
  if (url !== SHELL) throw new TypeError(`not our script: ${url}`)
  return url
}

export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const factory = (globalThis as { trustedTypes?: ScriptPolicyFactory }).trustedTypes
  const policy = factory?.createPolicy('invigil', { createScriptURL: trustShell }) ?? { createScriptURL: trustShell }
  try {
    await navigator.serviceWorker.register(policy.createScriptURL(SHELL))
  } catch {
    // A browser or certificate that does not allow it: a reload then needs the network, nothing else changes.
  }
}
