/** The peer: aedes as it comes, in memory, letting everybody in and everything through, with the options of our broker where they cost or save something. */
import { createServer, type AddressInfo } from 'node:net'
import process from 'node:process'
import { Aedes } from 'aedes'

const aedes = await Aedes.createBroker({ connectTimeout: 5_000, drainTimeout: 2_000, queueLimit: 1_000 })
const server = createServer({ noDelay: true }, (socket) => void aedes.handle(socket))
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
