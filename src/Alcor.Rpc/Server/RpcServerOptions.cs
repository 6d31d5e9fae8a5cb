namespace Alcor.Rpc;

/// <summary>Limits and clock of served methods; the defaults are those of <see cref="RpcLimits"/>.</summary>
public sealed record RpcServerOptions
{
    /// <summary>Larger requests are answered with RESOURCE_EXHAUSTED.</summary>
    public int ReceiveBytesMax { get; init; } = RpcLimits.MessageBytesMax;

    /// <summary>Larger responses fail in the handler with RESOURCE_EXHAUSTED.</summary>
    public int SendBytesMax { get; init; } = RpcLimits.MessageBytesMax;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
