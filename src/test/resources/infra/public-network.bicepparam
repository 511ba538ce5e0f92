// As azd deploys it when nothing is chosen.
using '../../../../infra/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
