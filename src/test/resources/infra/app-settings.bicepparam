// Every setting that can be given is given.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param graphClientState = 'a word of your own'
param appSettings = {
  DEFENDER_API_URL: 'https://api-eu.securitycenter.microsoft.com'
  DEFENDER_API_SCOPE: 'https://api.securitycenter.microsoft.com/.default'
  RATE_LIMITS: '50/PT1M,750/PT1H'
  RATE_LIMIT_MARGIN: 'PT3S'
  RATE_LIMIT_INTERACTIVE_RESERVE: '20,40'
  RATE_LIMIT_KEY: 'shared'
  ANSWER_TTL: 'PT30M'
  NOT_FOUND_TTL: 'PT1M'
  MAX_WAIT: 'PT60S'
  DEFAULT_WAIT: 'PT10S'
  REQUEST_MAX_AGE: 'PT12H'
  PUBLIC_URL: 'https://api.contoso.com/defender'
  DELEGATED_BUDGET: 'shared'
  AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com'
}
