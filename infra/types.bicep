@export()
@description('Tags of a resource.')
type Tags = {
  *: string
}

@export()
@description('A Defender for Endpoint cloud. The app derives host and token scope from it.')
type DefenderCloud = 'public' | 'gcc' | 'gcc-high' | 'dod'

@export()
@description('A hosting plan: Flex Consumption, or a Dedicated plan of Linux that always runs.')
type Plan = 'flex-consumption' | 'dedicated'

@export()
@description('Size of the Dedicated plan. All can join a network and be always on.')
type DedicatedSku = 'B2' | 'B3' | 'P0v3' | 'P1v3'

@export()
@description('A function of the app, by its name in the code.')
type FunctionName =
  | 'AlertUser'
  | 'AlertUserPoison'
  | 'AlertUserRequests'
  | 'AlertUsers'
  | 'AlertWebhook'
  | 'Analyst'
  | 'Budget'
  | 'HealthDetail'
  | 'HealthLive'
  | 'HealthReady'
  | 'Lookup'
  | 'MyAlertUser'
  | 'MyAlertUsers'
  | 'MyLookup'
  | 'OpenApi'
  | 'Purge'
  | 'Swagger'
  | 'Warmup'

@export()
@description('Settings of the app that have a default of their own; only what differs from it is given here. Durations are ISO 8601.')
@sealed()
type AppSettings = {
  @description('Another Defender host, for a region: https URL without a path.')
  DEFENDER_API_URL: string?

  @description('Another token scope, ending in "/.default". Not derived from the host.')
  DEFENDER_API_SCOPE: string?

  @description('Permits per window, as "100/PT1M,1500/PT1H".')
  RATE_LIMITS: string?

  @description('Added to each window.')
  RATE_LIMIT_MARGIN: string?

  @description('Permits per window that the queue leaves to HTTP callers, as "40,70".')
  RATE_LIMIT_INTERACTIVE_RESERVE: string?

  @description('The row of the counter. Two apps that share an identity share its budget: same storage account, same key. Without / \\ # ? % + and the single quote.')
  RATE_LIMIT_KEY: string?

  @description('Time to live of a cached answer with a user.')
  ANSWER_TTL: string?

  @description('Time to live of a cached answer without a user.')
  NOT_FOUND_TTL: string?

  @description('The longest wait an HTTP caller can ask for.')
  MAX_WAIT: string?

  @description('The wait of an HTTP caller that names none.')
  DEFAULT_WAIT: string?

  @description('Age at which a queued request expires.')
  REQUEST_MAX_AGE: string?

  @description('Where callers reach the app, if a gateway or a domain of your own stands in front: https URL, with the path under which the gateway serves the app.')
  PUBLIC_URL: string?

  @description('Whose permits the calls in the name of an analyst take: those of a row of their own, or those of the row of the app.')
  DELEGATED_BUDGET: ('own' | 'shared')?

  @description('Another address of Entra, at which the tokens of analysts are exchanged: https URL without a path. Not needed in the clouds of DEFENDER_CLOUD.')
  AZURE_AUTHORITY_HOST: string?
}
