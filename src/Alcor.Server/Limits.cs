namespace Alcor.Server;

/// <summary>
/// Every bound of the server, each with its reason. How many resources one request may create is the kernel's.
/// </summary>
public static class ServerLimits
{
    /// <summary>Bytes of a request body: a bulk of the largest count with 1.6 KB for each resource.</summary>
    public const int RequestBodyBytesMax = 8 * 1024 * 1024;

    /// <summary>Nesting of a request body; the deepest attribute has five levels.</summary>
    public const int RequestDepthMax = 32;

    /// <summary>Bytes of a request line: some 700 ids as filters. Clients split longer lists.</summary>
    public const int RequestLineBytesMax = 32 * 1024;

    /// <summary>Connections of the API; each costs some tens of kilobytes.</summary>
    public const int ConnectionsMax = 10_000;

    /// <summary>Characters of an error message: it quotes what the caller sent.</summary>
    public const int ErrorMessageCharactersMax = 2_000;

    /// <summary>Resources read from the store at a time while listing: bounds what a list holds in memory.</summary>
    public const int ListReadMax = 1_000;

    /// <summary>The same for each of many sources of a list, which share it: with fewer, each row is a read.</summary>
    public const int ListReadMin = 16;

    /// <summary>Resources that are kept as they were decoded: some 50 MB of ports.</summary>
    public const int DecodedResourcesKept = 32_768;

    /// <summary>Bytes of a response that are gathered before they are sent; a smaller one carries its length.</summary>
    public const int ResponseBufferBytes = 64 * 1024;

    /// <summary>What the header X-Project-Id may hold: the width of the attribute that it fills.</summary>
    public const int ProjectIdCharactersMax = 255;

    /// <summary>Bytes of a policy file: every character that it may have takes up to four.</summary>
    public const int PolicyFileBytesMax = 4 * Policy.PolicyLimits.FileCharactersMax;

    /// <summary>How often a policy file is looked at, at most: whoever changes it waits no longer.</summary>
    public static readonly TimeSpan PolicyFileInterval = TimeSpan.FromSeconds(2);

    /// <summary>Traces at a time: each renders the flows of some hosts whole, which takes a processor for a
    /// while.</summary>
    public const int TracesMax = 2;

    /// <summary>How long a trace waits for its turn, at most.</summary>
    public static readonly TimeSpan TraceWait = TimeSpan.FromSeconds(5);

    /// <summary>How long a stopping server waits for the requests that it has accepted.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);
}
