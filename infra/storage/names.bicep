// The queues and tables, by the names that the code uses.

@export()
@description('Requests, results, and the requests that failed five times.')
var queueNames = ['alert-user-requests', 'alert-user-results', 'alert-user-requests-poison']

@export()
@description('The counter, and the cached answers and pending lookups.')
var tableNames = ['AlertUserBudget', 'AlertUserLookups']

@export()
@description('The blob container of the deployed package.')
var deploymentContainerName = 'app-package'
