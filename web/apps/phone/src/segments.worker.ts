/** The recording's worker, as a file of its own. */
import '@invigil/media/worker'
