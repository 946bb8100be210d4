package io.micado.provider.jclouds;

import io.micado.api.error.ErrorKind;
import io.micado.api.error.MicadoException;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamException;

/**
 * What the error codes of EC2 mean: the code decides, the HTTP status only where there is no code. Codes are those of the EC2 API reference,
 * "Error codes for the Amazon EC2 API". Stateless.
 */
final class Ec2Errors implements ErrorTable {
    private static final Set<String> AUTHENTICATION = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "AuthFailure",
            "AuthMissingFailure",
            "Blocked",
            "ExpiredToken",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "MissingAuthenticationToken",
            "NotAuthorized",
            "OptInRequired",
            "PendingVerification",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "UnauthorizedOperation",
            "UnrecognizedClientException");

    private static final Set<String> CAPACITY = Set.of(
            "InsufficientInstanceCapacity",
            "InsufficientCapacity",
            "InsufficientCapacityOnHost",
            "InsufficientFreeAddressesInSubnet",
            "InsufficientAddressCapacity",
            "InsufficientHostCapacity",
            "InsufficientReservedInstanceCapacity",
            "InsufficientVolumeCapacity",
            "SpotInstanceShutdown",
            "SpotInstanceTermination",
            "SpotMaxPriceTooLow");

    private static final Set<String> RATE = Set.of(
            "EC2ThrottledException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "SnapshotCreationPerVolumeRateExceeded",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException");

    private static final Set<String> CONFLICT = Set.of(
            "ConcurrentTagAccess",
            "DependencyViolation",
            "IdempotentInstanceTerminated",
            "IdempotentParameterMismatch",
            "IncorrectInstanceState",
            "IncorrectState",
            "VolumeInUse");

    private static final Set<String> UNSUPPORTED = Set.of(
            "InvalidAction", "NoSuchVersion", "Unsupported", "UnsupportedInstanceAttribute", "UnsupportedOperation");

    @Override
    public MicadoException meaning(Refusal refusal, boolean changes) {
        Optional<Xml> error = error(refusal.body());
        Optional<String> code = error.flatMap(e -> e.text("Code"));
        ErrorKind kind = code.flatMap(Ec2Errors::kindOf).orElseGet(() -> ErrorTable.kindOf(refusal.status(), changes));
        String message = error.flatMap(e -> e.text("Message")).orElse("");
        return new MicadoException(
                kind,
                code.map(c -> c + ": " + message)
                        .orElse("status " + refusal.status() + " without an error code of EC2"));
    }

    private static Optional<Xml> error(String body) {
        try {
            Xml root = Xml.parse(body);
            // EC2 itself, and those that speak the common form of query APIs
            return root.child("Errors", "Error").or(() -> root.child("Error"));
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    static Optional<ErrorKind> kindOf(String code) {
        if (RATE.contains(code)) {
            return Optional.of(ErrorKind.RATE_LIMITED);
        }
        if (AUTHENTICATION.contains(code)) {
            return Optional.of(ErrorKind.AUTHENTICATION);
        }
        if (CAPACITY.contains(code)) {
            return Optional.of(ErrorKind.INSUFFICIENT_CAPACITY);
        }
        if (CONFLICT.contains(code) || code.endsWith(".Duplicate") || code.endsWith(".InUse")) {
            return Optional.of(ErrorKind.CONFLICT);
        }
        if (UNSUPPORTED.contains(code)) {
            return Optional.of(ErrorKind.UNSUPPORTED);
        }
        if (code.endsWith("LimitExceeded") || code.endsWith("CountExceeded")) {
            return Optional.of(ErrorKind.QUOTA_EXCEEDED);
        }
        if (code.endsWith(".NotFound") || code.endsWith(".Unavailable") || code.endsWith("NotFoundException")) {
            return Optional.of(ErrorKind.NOT_FOUND);
        }
        return Optional.empty();
    }
}
