package dev.selvage.e2e;

import com.stytch.java.common.OptionalClientConfig;
import com.stytch.java.consumer.StytchClient;
import dev.selvage.projects.Projects;

/// The consumer client of the Java SDK.
abstract class JavaSdkConsumerTest extends JavaSdkTest<StytchClient> {

    @Override
    Projects.NewProject project() {
        return server.consumer();
    }

    @Override
    StytchClient connect(String projectId, String secret, OptionalClientConfig where) {
        return new StytchClient(projectId, secret, where);
    }
}
