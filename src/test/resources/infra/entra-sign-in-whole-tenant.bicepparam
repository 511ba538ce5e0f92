// Every identity of the tenant that can get a token may call.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param entraClientId = '22222222-2222-2222-2222-222222222222'
