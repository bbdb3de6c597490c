package interop;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Notes the id of the key that the newest request was signed with. */
final class SigningKey implements ExecutionInterceptor {
  private static final Pattern CREDENTIAL = Pattern.compile("Credential=(\\w+)/");

  private volatile String id = "";

  String id() {
    return id;
  }

  @Override
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
    String authorization =
        context.httpRequest().firstMatchingHeader("Authorization").orElse("");
    Matcher matcher = CREDENTIAL.matcher(authorization);
    id = matcher.find() ? matcher.group(1) : "";
  }
}
