// Once Azure Government offers Flex Consumption.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'usgovvirginia'
param defenderCloud = 'gcc-high'
param plan = 'flex-consumption'
