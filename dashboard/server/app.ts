/** The HTTP server: security headers, the gate, one form of errors, the API with its description, and the built web files. */
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { ServerContext } from './context.ts'
import { answerBrokenRequest, answerError } from './errors.ts'
import { putUpGate } from './gate.ts'
import { addAboutRoutes } from './routes/about.ts'
import { addActionRoutes } from './routes/actions.ts'
import { addAlarmCodeRoutes } from './routes/alarm-codes.ts'
import { addAlarmRoutes } from './routes/alarms.ts'
import { addCredentialRoutes } from './routes/credentials.ts'
import { addDeadLetterRoutes } from './routes/dead-letters.ts'
import { addDeviceRoutes } from './routes/devices.ts'
import { addEstateRoutes } from './routes/estates.ts'
import { addHealthRoutes } from './routes/health.ts'
import { addHistoryRoutes } from './routes/history.ts'
import { addMetricsRoute } from './routes/metrics.ts'
import { addOperationsRoutes } from './routes/operations.ts'
import { addPeopleRoutes } from './routes/people.ts'
import { addSessionRoutes } from './routes/session.ts'
import { addTryRoutes } from './routes/try.ts'
import { toServerOptions, type TimeLimits } from './time-limits.ts'
import { addWebFiles } from './web-files.ts'

/** An instance whose routes are described by zod schemas. */
export type Api = ReturnType<typeof withZod>
export type AddRoutes = (api: Api, context: ServerContext) => void

const BODY_LIMIT = 1 << 20

const API_ROUTES: readonly AddRoutes[] = [
  addSessionRoutes,
  addPeopleRoutes,
  addEstateRoutes,
  addDeviceRoutes,
  addCredentialRoutes,
  addHistoryRoutes,
  addAlarmRoutes,
  addAlarmCodeRoutes,
  addActionRoutes,
  addAboutRoutes,
  addOperationsRoutes,
  addDeadLetterRoutes,
  addTryRoutes,
]

/** Helmet's own policy would turn every address into https and leave the page blank over plain HTTP, so it is written out. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
    workerSrc: ["'self'"],
    manifestSrc: ["'self'"],
  },
}

export async function createApp(context: ServerContext, limits: TimeLimits): Promise<FastifyInstance> {
  const { config } = context
  const loggerInstance: FastifyBaseLogger = context.log
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT,
    requestTimeout: limits.requestMs,
    http: toServerOptions(limits),
    forceCloseConnections: true,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)
  // Many programs say JSON also where they send nothing.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parseJson(request, body, done)
  })
  await app.register(cookie)
  const hasTls = config.httpsPort !== undefined
  await app.register(helmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    strictTransportSecurity: hasTls && config.httpPort === 0 ? {} : false, // plain HTTP stays open beside TLS, so no browser is told otherwise
    crossOriginEmbedderPolicy: false,
    // Browsers ignore these two over plain HTTP and complain in the console.
    crossOriginOpenerPolicy: hasTls,
    originAgentCluster: hasTls,
  })
  putUpGate(app, { sessions: context.sessions, publicUrl: config.publicUrl })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Estatewatch', version: context.version, description: 'What the dashboard uses, for every other program.' },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'estatewatch' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, open: true }
    })
    await scope.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: false, uiConfig: { url: '/api/v1/openapi.json' } })
  })
  await app.register(
    async (scope) => {
      // A route group is a scope of its own, so that what it parses is its own affair.
      for (const add of API_ROUTES) await scope.register(async (group) => add(withZod(group), context))
      scope.get('/openapi.json', { config: { open: true }, schema: { hide: true } }, () => app.swagger())
    },
    { prefix: '/api/v1' },
  )
  await app.register(async (scope) => {
    addHealthRoutes(withZod(scope), context)
    addMetricsRoute(withZod(scope), context)
  })
  await addWebFiles(app)
  await app.ready()
  return app
}

function withZod(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>()
}
