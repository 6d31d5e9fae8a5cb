namespace Alcor.Agent.Dhcp;

/// <summary>The message types of option 53 (RFC 2132 section 9.6).</summary>
public enum DhcpMessageType : byte
{
    Discover = 1,
    Offer = 2,
    Request = 3,
    Decline = 4,
    Acknowledge = 5,
    Refuse = 6,
    Release = 7,
    Inform = 8,
}

/// <summary>The options that the responder reads or writes, by their numbers in RFC 2132 and RFC 3442.</summary>
public static class DhcpOptionCode
{
    public const byte Pad = 0;
    public const byte SubnetMask = 1;
    public const byte Router = 3;
    public const byte DomainNameServer = 6;
    public const byte HostName = 12;
    public const byte DomainName = 15;
    public const byte InterfaceMtu = 26;
    public const byte BroadcastAddress = 28;
    public const byte RequestedAddress = 50;
    public const byte LeaseTime = 51;
    public const byte Overload = 52;
    public const byte MessageType = 53;
    public const byte ServerIdentifier = 54;
    public const byte ParameterRequestList = 55;
    public const byte Message = 56;
    public const byte MaximumMessageSize = 57;
    public const byte RenewalTime = 58;
    public const byte RebindingTime = 59;
    public const byte ServerName = 66;
    public const byte BootFile = 67;
    public const byte ClasslessRoutes = 121;

    /// <summary>Whoever says it is iPXE (its own options are inside).</summary>
    public const byte Ipxe = 175;

    /// <summary>
    /// The same contents as <see cref="ClasslessRoutes"/>, under the number that older Windows asks for.
    /// </summary>
    public const byte MicrosoftClasslessRoutes = 249;
    public const byte End = 255;
}

/// <summary>One option. A value longer than 255 bytes travels as several instances (RFC 3396).</summary>
public readonly record struct DhcpOption(byte Code, ReadOnlyMemory<byte> Value)
{
    internal const int PartLengthMax = 255;

    /// <summary>Bytes on the wire.</summary>
    public int EncodedLength => Value.Length + 2 * Math.Max(1, (Value.Length + PartLengthMax - 1) / PartLengthMax);

    internal int WriteTo(Span<byte> target)
    {
        var rest = Value.Span;
        var written = 0;
        do
        {
            var part = rest[..Math.Min(rest.Length, PartLengthMax)];
            target[written] = Code;
            target[written + 1] = (byte)part.Length;
            part.CopyTo(target[(written + 2)..]);
            written += 2 + part.Length;
            rest = rest[part.Length..];
        }
        while (!rest.IsEmpty);
        return written;
    }
}
