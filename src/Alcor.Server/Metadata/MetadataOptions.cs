namespace Alcor.Server.Metadata;

/// <summary>Where metadata is, and by what it is known there who asks.</summary>
/// <param name="Url">Of Nova's metadata API; what machines ask for goes behind its path.</param>
/// <param name="Secret">metadata_proxy_shared_secret of Nova.</param>
public sealed record MetadataOptions(Uri Url, ReadOnlyMemory<byte> Secret)
{
    public TimeSpan AnswerTimeout { get; init; } = MetadataLimits.AnswerTimeout;

    /// <summary>Without the secret, which belongs in no log.</summary>
    public override string ToString() => $"metadata of {Url}";
}
