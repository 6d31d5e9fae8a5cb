namespace Alcor.Ovsdb;

/// <summary>Every bound of the library, each with its reason.</summary>
public static class OvsdbLimits
{
    /// <summary>Bytes of one JSON-RPC message: far above the first answer for any host.</summary>
    public const int MessageBytesMax = 64 * 1024 * 1024;

    /// <summary>Nesting of one message: the protocol needs 9, so deeper is an attack or a fault.</summary>
    public const int MessageDepthMax = 32;

    /// <summary>Bytes taken from the stream at once: a usual update fits, and an idle connection stays small.</summary>
    public const int ReadBytes = 16 * 1024;

    /// <summary>Bytes of buffer that a connection keeps between two messages.</summary>
    public const int IdleBytesMax = 1024 * 1024;

    /// <summary>Messages waiting to be written: more would only hide that the server is stuck.</summary>
    public const int OutgoingMessagesMax = 256;

    /// <summary>Requests without an answer on one connection; the next caller waits for a place.</summary>
    public const int OutstandingRequestsMax = 256;

    /// <summary>Silence after which the connection asks whether the server lives.</summary>
    public static readonly TimeSpan EchoInterval = TimeSpan.FromSeconds(5);

    /// <summary>Silence after such a question that counts as a loss: compaction takes less.</summary>
    public static readonly TimeSpan EchoTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The first pause before dialling again: a restarted local server is back in about this.</summary>
    public static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause before dialling again: while the server is away the host cannot be changed.</summary>
    public static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(1);

    /// <summary>Time for dialling, schema and first snapshot together: a remote address may swallow packets.</summary>
    public static readonly TimeSpan SetupTimeout = TimeSpan.FromSeconds(30);
}
