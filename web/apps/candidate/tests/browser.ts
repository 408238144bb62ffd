/** What jsdom lacks of a browser. Set up for every test of this application. */
if (typeof window !== 'undefined') {
  window.matchMedia = (query: string) => ({ matches: false, media: query }) as MediaQueryList
  HTMLElement.prototype.scrollIntoView = () => undefined
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
}
