namespace Alcor.Server.Metadata;

/// <summary>Every bound of the metadata proxy, with its reason.</summary>
public static class MetadataLimits
{
    /// <summary>Bytes of a request's head that are looked at before it is read: machines say less.</summary>
    public const int RequestHeadBytesMax = 8_192;

    /// <summary>Bytes of a request body: a machine that says its password says a kilobyte.</summary>
    public const int RequestBodyBytesMax = 64 * 1024;

    /// <summary>Connections of one machine: one boot asks on a few at once.</summary>
    public const int ConnectionsPerClientMax = 32;

    /// <summary>Connections of all machines of the host.</summary>
    public const int ConnectionsMax = 4_096;

    /// <summary>Connections to Nova, so that the boot of a whole host does not look like an attack there.</summary>
    public const int UpstreamConnectionsMax = 64;

    /// <summary>How long Nova may take; a machine asks again after some ten seconds.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection without a request is kept.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
}
