namespace Alcor.Server.Identity;

/// <summary>Every bound of what has to do with Keystone, each with its reason.</summary>
internal static class IdentityLimits
{
    /// <summary>Characters of a token: Fernet's have some 200, JWS' less than 1,000.</summary>
    public const int TokenCharactersMax = 8_192;

    /// <summary>Connections to Keystone: a storm of unknown tokens waits here, and not there.</summary>
    public const int ConnectionsMax = 16;

    /// <summary>Tokens that Keystone is asked about at a time; those beyond are answered with 503.</summary>
    public const int ValidationsMax = 2_000;

    /// <summary>Bytes of an answer of Keystone: a token without catalogue has some 2 KB, and a role 80.</summary>
    public const int AnswerBytesMax = 1024 * 1024;

    /// <summary>Tries of one question, the first included.</summary>
    public const int AttemptsMax = 3;

    /// <summary>Refused tokens that are remembered: few, as anybody can invent them.</summary>
    public const int RefusedEntriesMax = 1_000;

    /// <summary>Callers that are remembered where nobody is authenticated.</summary>
    public const int NamedCallersMax = 10_000;

    public static readonly TimeSpan NamedCallersTime = TimeSpan.FromHours(1);

    /// <summary>How long Keystone has to accept a connection.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a question may take, all tries and the wait for a connection included.</summary>
    public static readonly TimeSpan QuestionTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long one try may take.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(6);

    /// <summary>The pause before the second try; twice as long before the third.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a refused token is not asked about again. It may become valid: a Keystone behind a balancer may
    /// not know yet what its neighbour has issued.
    /// </summary>
    public static readonly TimeSpan RefusedTime = TimeSpan.FromSeconds(5);

    /// <summary>How long refused credentials are not tried again: Keystone may lock an account that fails.</summary>
    public static readonly TimeSpan RefusedCredentialsTime = TimeSpan.FromSeconds(5);

    /// <summary>How long before its end our own token is renewed, if it lives long enough.</summary>
    public static readonly TimeSpan RenewalMargin = TimeSpan.FromSeconds(60);
}
