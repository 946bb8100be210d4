package io.micado.examples;

import io.micado.api.spi.CloudProvider;
import io.micado.api.spi.Secret;
import io.micado.api.spi.Settings;
import io.micado.provider.jclouds.Ec2Provider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A killed program on EC2, as an emulator speaks it. */
class KilledOnEc2IT extends KilledLaunch {
    private static final Pattern IMAGE = Pattern.compile("<imageId>(ami-[0-9a-f]+)</imageId>");

    private static String endpoint() {
        return bed("MICADO_EC2_ENDPOINT", ".ci/moto");
    }

    @Override
    CloudProvider provider() {
        return new Ec2Provider();
    }

    @Override
    Settings account() {
        return Settings.of(Map.of(
                "endpoint", endpoint(),
                "regionname", "us-east-1",
                "accesskey", Secret.of("AKIATEST"),
                "secretkey", Secret.of("secret"),
                "client_tokens", "false",
                "list_lag", "1s",
                "max_concurrent_calls", "1"));
    }

    @Override
    String machine() throws Exception {
        // The emulator takes the service and the region from the credential's scope, and looks at no signature.
        HttpRequest images = HttpRequest.newBuilder(URI.create(endpoint()))
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=AKIATEST/20200101/us-east-1/ec2/aws4_request")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("Action=DescribeImages&Version=2016-11-15"))
                .build();
        Matcher found = IMAGE.matcher(HttpClient.newHttpClient()
                .send(images, HttpResponse.BodyHandlers.ofString())
                .body());
        if (!found.find()) {
            throw new AssertionError("the emulator has no image");
        }
        return "instanceType: t3.micro\nmachine: {image_id: " + found.group(1) + "}\n";
    }
}
