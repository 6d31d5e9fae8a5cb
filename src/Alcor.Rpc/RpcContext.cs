using System.Security.Cryptography.X509Certificates;

namespace Alcor.Rpc;

/// <summary>
/// What a handler knows of its call besides the messages. It can be constructed without a server, so that handlers run
/// in simulations and tests.
/// </summary>
public sealed class RpcContext
{
    /// <summary><c>/package.Service/Method</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Cancelled when the deadline passes, the client cancels or its connection is lost.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>When the client stops waiting; null if it gave no deadline.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Address and port of the client as the transport sees it.</summary>
    public string Peer { get; init; } = "";

    /// <summary>The certificate that the client proved to own in TLS; null if none was asked for.</summary>
    public X509Certificate2? PeerCertificate { get; init; }

    /// <summary>The client's custom headers.</summary>
    public RpcMetadata RequestHeaders { get; init; } = [];

    /// <summary>Go out before the first message; what is added later is not sent.</summary>
    public RpcMetadata ResponseHeaders { get; } = [];

    /// <summary>Go out with the status, whatever it is.</summary>
    public RpcMetadata ResponseTrailers { get; } = [];
}
