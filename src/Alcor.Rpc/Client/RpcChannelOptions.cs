using System.Net.Security;

namespace Alcor.Rpc;

/// <summary>Limits, TLS and clock of a channel; the defaults are those of <see cref="RpcLimits"/>.</summary>
public sealed record RpcChannelOptions
{
    /// <summary>Larger responses end the call with RESOURCE_EXHAUSTED.</summary>
    public int ReceiveBytesMax { get; init; } = RpcLimits.MessageBytesMax;

    /// <summary>Larger requests fail with RESOURCE_EXHAUSTED and are not sent.</summary>
    public int SendBytesMax { get; init; } = RpcLimits.MessageBytesMax;

    public TimeSpan ConnectTimeout { get; init; } = RpcLimits.ConnectTimeout;

    /// <summary>Silence after which a connection with calls on it is pinged.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = RpcLimits.KeepAlivePingDelay;

    /// <summary>Calls on a connection that leaves a ping unanswered for this long end with UNAVAILABLE.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = RpcLimits.KeepAlivePingTimeout;

    /// <summary>
    /// Opens further connections when the server's limit of streams on the first is reached (Kestrel: 100); otherwise
    /// calls wait for a free stream.
    /// </summary>
    public bool MultipleConnections { get; init; }

    /// <summary>Certificates and their validation for https addresses; null for the system's trust.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>What one call adds: custom headers, and how long the caller waits (null: as long as it takes).</summary>
public sealed record RpcCallOptions
{
    internal static readonly RpcCallOptions None = new();

    public RpcMetadata Headers { get; init; } = [];

    public TimeSpan? Timeout { get; init; }
}
