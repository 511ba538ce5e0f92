package dev.alertuser.localkit.readingsample;

import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import java.util.Optional;

/** What reading one row with a managed identity costs any function app at its first call, as the manuals of Azure's libraries do it. */
public final class ReadingFunction {
    public static final String TABLE = "Sample";
    public static final TableEntity ROW = new TableEntity("partition", "row");

    @FunctionName("Reading")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = HttpMethod.GET,
                            authLevel = AuthorizationLevel.ANONYMOUS,
                            route = "reading")
                    HttpRequestMessage<Optional<String>> request) {
        TableClient table = new TableClientBuilder()
                .endpoint(System.getenv("AzureWebJobsStorage__tableServiceUri"))
                .tableName(TABLE)
                .credential(new ManagedIdentityCredentialBuilder()
                        .clientId(System.getenv("AZURE_CLIENT_ID"))
                        .build())
                .buildClient();
        table.getEntity(ROW.getPartitionKey(), ROW.getRowKey());
        return request.createResponseBuilder(HttpStatus.OK).build();
    }
}
