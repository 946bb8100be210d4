package io.micado.provider.occopus;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kinds of cloud of MiCADO 0.3 and Occopus, and which of their keys mean what. Immutable. */
enum CloudType {
    /** Amazon EC2 and clouds that speak its language. */
    EC2(
            "accesskey secretkey",
            "endpoint regionname api_version client_tokens",
            "instance_type",
            "the instance type, such as t3.medium"),
    /** OpenStack Nova. */
    NOVA(
            "username password",
            "endpoint project_id tenant_name region_name user_domain_name project_domain_name",
            "flavor_name",
            "the name of the flavor, such as m1.small"),
    /** CloudSigma, where a machine's size is a number of megahertz and bytes instead of a type. */
    CLOUDSIGMA("email password", "endpoint", "", ""),
    /** CloudBroker. */
    CLOUDBROKER("email password", "endpoint", "description.instance_type_id", "the id of the instance type"),
    /** OCCI. */
    OCCI("proxy", "endpoint", "resource_tpl", "the mixin of the size");

    /** What the plug-ins of clouds take for an account, beyond the keys of the original. */
    private static final String CONNECTION =
            "connect_timeout answer_timeout list_lag max_concurrent_calls trust_any_certificate tls allowPlainHttp deadline"
                    + " poll token_header";

    private final String authKeys;
    private final String accountKeys;
    private final String instanceTypeKey;
    private final String instanceTypeWords;

    CloudType(String authKeys, String accountKeys, String instanceTypeKey, String instanceTypeWords) {
        this.authKeys = authKeys;
        this.accountKeys = accountKeys;
        this.instanceTypeKey = instanceTypeKey;
        this.instanceTypeWords = instanceTypeWords;
    }

    static Optional<CloudType> of(String type) {
        return Arrays.stream(values()).filter(one -> one.type().equals(type)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(CloudType::type).toList();
    }

    /** {@return the type, which is the cloud plug-in's too} */
    String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the keys of {@code auth_data} that have to be there when nothing else is said} */
    Set<String> authKeys() {
        return words(authKeys);
    }

    /** {@return the keys of {@code resource} that belong to the account} */
    Set<String> accountKeys() {
        return words(accountKeys + " " + CONNECTION);
    }

    /** {@return the key of {@code resource} that holds the instance type, its steps joined by dots; empty where there is none} */
    Optional<String> instanceTypeKey() {
        return instanceTypeKey.isEmpty() ? Optional.empty() : Optional.of(instanceTypeKey);
    }

    /** {@return what that is, for people} */
    String instanceTypeWords() {
        return instanceTypeWords;
    }

    private static Set<String> words(String text) {
        return new LinkedHashSet<>(List.of(text.split(" ", -1)));
    }
}
