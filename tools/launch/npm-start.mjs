import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, prepareCheckout } from './checkout/prepare-checkout.mjs'

// `npm start` and `npm run start:live`: prepares the checkout, then becomes the supervisor.
await prepareCheckout()
process.setSourceMapsEnabled(true)
await import(pathToFileURL(join(ROOT, 'dist', 'tools', 'launch', 'src', 'main.js')).href)
