namespace Alcor.Agent.Dns;

/// <summary>What became of a question (RFC 1035 section 4.1.1).</summary>
public enum DnsResponseCode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,

    /// <summary>NXDOMAIN.</summary>
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
}

/// <summary>Types of records (RFC 1035 section 3.2.2, RFC 3596, RFC 6891).</summary>
public static class DnsType
{
    public const ushort A = 1;
    public const ushort Ptr = 12;
    public const ushort Aaaa = 28;
    public const ushort Options = 41;
    public const ushort IncrementalTransfer = 251;
    public const ushort Transfer = 252;
    public const ushort Any = 255;
}

internal static class DnsClass
{
    public const ushort Internet = 1;
}
