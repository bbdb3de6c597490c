package interop;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sts.StsClient;

/** For each line that it reads, one and the same STS client of the AWS SDK for Java v2 says who it is. */
public final class Whoami {
  private record Identity(String arn, String accessKeyId) {}

  private record Failure(String error) {}

  private final SigningKey key = new SigningKey();
  private final StsClient sts =
      StsClient.builder().overrideConfiguration(o -> o.addExecutionInterceptor(key)).build();

  public static void main(String[] args) throws IOException {
    Gson json = new Gson();
    Whoami whoami = new Whoami();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    while (lines.readLine() != null) {
      System.out.println(json.toJson(whoami.answer()));
    }
  }

  private Object answer() {
    try {
      return new Identity(sts.getCallerIdentity().arn(), key.id());
    } catch (RuntimeException e) {
      Stream<Throwable> causes = Stream.iterate(e, c -> c != null, Throwable::getCause);
      return new Failure(causes.map(Throwable::toString).collect(Collectors.joining("; ")));
    }
  }
}
