// Azure Government.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'usgovvirginia'
param defenderCloud = 'gcc-high'
param privateNetwork = true
param networkAddressPrefix = '172.20.8.0/25'
