package dev.alertuser.infra;

import java.util.Map;

/** The Azure roles that the deployment may assign, and no other. */
final class BuiltInRoles {

    /** Id to name: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles. */
    static final Map<String, String> NAMES = Map.of(
            "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner",
            "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor",
            "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor",
            "3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher",
            "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "Storage Queue Data Message Sender",
            "8a0f0c08-91a1-4084-bc3d-661d67233fed", "Storage Queue Data Message Processor");

    private BuiltInRoles() {}

    /** The name of a role by its id or by a resource id that ends in it. */
    static String name(String roleDefinitionId) {
        String id = roleDefinitionId.substring(roleDefinitionId.lastIndexOf('/') + 1);
        return NAMES.getOrDefault(id, "role " + id + ", which is not in the allow-list");
    }
}
