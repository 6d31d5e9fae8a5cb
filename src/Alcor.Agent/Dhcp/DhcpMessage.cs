using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Alcor.OpenFlow;

namespace Alcor.Agent.Dhcp;

/// <summary>A DHCPv4 message (RFC 2131 section 2).</summary>
public sealed record DhcpMessage
{
    internal const byte BootRequest = 1;
    internal const byte BootReply = 2;
    private const int ServerNameAt = 44;
    private const int BootFileAt = 108;
    private const int FixedLength = 236;
    private const int OptionsAt = 240;
    private const uint MagicCookie = 0x63825363;
    private const byte EthernetHardware = 1;
    private const ushort BroadcastFlag = 0x8000;

    // Some relays and clients drop what is shorter than a BOOTP message (RFC 1542 section 2.1).
    private const int LengthMin = 300;

    public required bool IsReply { get; init; }

    public required uint TransactionId { get; init; }

    /// <summary>The client cannot receive unicast before it has its address.</summary>
    public bool Broadcast { get; init; }

    public IPAddress ClientAddress { get; init; } = IPAddress.Any;

    public IPAddress YourAddress { get; init; } = IPAddress.Any;

    public IPAddress NextServerAddress { get; init; } = IPAddress.Any;

    public IPAddress RelayAddress { get; init; } = IPAddress.Any;

    public required MacAddress ClientMac { get; init; }

    /// <summary>The server to boot from; empty: none. What does not fit into the field's 64 bytes is cut.</summary>
    public ValueList<byte> ServerName { get; init; }

    /// <summary>What to boot; empty: nothing. What does not fit into the field's 128 bytes is cut.</summary>
    public ValueList<byte> BootFile { get; init; }

    /// <summary>In order of first appearance, each code once.</summary>
    public ImmutableArray<DhcpOption> Options { get; init; } = [];

    /// <summary>Null when the message is plain BOOTP or names a type that RFC 2132 does not know.</summary>
    public DhcpMessageType? MessageType =>
        Option(DhcpOptionCode.MessageType) is { Length: 1 } value && value.Span[0] is >= 1 and <= 8
            ? (DhcpMessageType)value.Span[0]
            : null;

    /// <summary>The value of an option, or null when the message has none.</summary>
    public ReadOnlyMemory<byte>? Option(byte code)
    {
        foreach (var option in Options)
        {
            if (option.Code == code)
                return option.Value;
        }
        return null;
    }

    /// <summary>The value of an option that holds one address; null when absent or of another length.</summary>
    public IPAddress? AddressOption(byte code) =>
        Option(code) is { Length: 4 } value ? new IPAddress(value.Span) : null;

    /// <summary>
    /// Reads a message; bytes of a stranger, so everything that is wrong is a false, never an exception.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DhcpMessage? message)
    {
        message = null;
        if (bytes.Length < OptionsAt || bytes[0] is not (BootRequest or BootReply))
            return false;
        if (bytes[1] != EthernetHardware || bytes[2] != 6)
            return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[FixedLength..]) != MagicCookie)
            return false;
        var options = new OptionReader();
        if (!options.TryReadAll(bytes))
            return false;
        message = new DhcpMessage
        {
            IsReply = bytes[0] == BootReply,
            TransactionId = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Broadcast = (BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]) & BroadcastFlag) != 0,
            ClientAddress = new IPAddress(bytes[12..16]),
            YourAddress = new IPAddress(bytes[16..20]),
            NextServerAddress = new IPAddress(bytes[20..24]),
            RelayAddress = new IPAddress(bytes[24..28]),
            ClientMac = MacAddress.Read(bytes[28..]),
            ServerName = (options.Overload & 2) == 0 ? Name(bytes[ServerNameAt..BootFileAt]) : [],
            BootFile = (options.Overload & 1) == 0 ? Name(bytes[BootFileAt..FixedLength]) : [],
            Options = options.ToImmutable(),
        };
        return true;
    }

    /// <summary>Bytes on the wire, padded to 300.</summary>
    public byte[] Encode()
    {
        var length = OptionsAt + 1 + Options.Sum(option => option.EncodedLength);
        var bytes = new byte[Math.Max(LengthMin, length)];
        bytes[0] = IsReply ? BootReply : BootRequest;
        bytes[1] = EthernetHardware;
        bytes[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), TransactionId);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), Broadcast ? BroadcastFlag : (ushort)0);
        Write(ClientAddress, bytes.AsSpan(12));
        Write(YourAddress, bytes.AsSpan(16));
        Write(NextServerAddress, bytes.AsSpan(20));
        Write(RelayAddress, bytes.AsSpan(24));
        ClientMac.Write(bytes.AsSpan(28));
        Write(ServerName, bytes.AsSpan(ServerNameAt, BootFileAt - ServerNameAt));
        Write(BootFile, bytes.AsSpan(BootFileAt, FixedLength - BootFileAt));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(FixedLength), MagicCookie);
        var at = OptionsAt;
        foreach (var option in Options)
            at += option.WriteTo(bytes.AsSpan(at));
        bytes[at] = DhcpOptionCode.End;
        return bytes;
    }

    /// <summary>Up to the first byte that is zero.</summary>
    private static ValueList<byte> Name(ReadOnlySpan<byte> field) =>
        ValueList.Create(field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field);

    private static void Write(ValueList<byte> name, Span<byte> field) =>
        name.AsSpan()[..Math.Min(name.Count, field.Length)].CopyTo(field);

    private static void Write(IPAddress address, Span<byte> target)
    {
        if (!address.TryWriteBytes(target, out var written) || written != 4)
            throw new ArgumentException($"a DHCPv4 message has no room for {address}");
    }

    /// <summary>
    /// Collects options from the option field and, when option 52 says so, from the fields for file and server name.
    /// Instances of one code are joined (RFC 3396).
    /// </summary>
    private readonly ref struct OptionReader()
    {
        private readonly List<byte> _order = [];
        private readonly Dictionary<byte, byte[]> _values = [];

        public bool TryReadAll(ReadOnlySpan<byte> message)
        {
            if (!TryRead(message[OptionsAt..]))
                return false;
            return ((Overload & 1) == 0 || TryRead(message[BootFileAt..FixedLength]))
                && ((Overload & 2) == 0 || TryRead(message[ServerNameAt..BootFileAt]));
        }

        /// <summary>Bit 0: options are in the field for the file; bit 1: in that for the server.</summary>
        public int Overload => _values.GetValueOrDefault(DhcpOptionCode.Overload) is [var fields] ? fields : 0;

        public ImmutableArray<DhcpOption> ToImmutable()
        {
            var values = _values;
            return [.. _order.Select(code => new DhcpOption(code, values[code]))];
        }

        private bool TryRead(ReadOnlySpan<byte> field)
        {
            while (!field.IsEmpty && field[0] != DhcpOptionCode.End)
            {
                if (field[0] == DhcpOptionCode.Pad)
                {
                    field = field[1..];
                    continue;
                }
                if (field.Length < 2 || field.Length < 2 + field[1])
                    return false;
                Add(field[0], field.Slice(2, field[1]));
                field = field[(2 + field[1])..];
            }
            return true;
        }

        private void Add(byte code, ReadOnlySpan<byte> part)
        {
            if (_values.TryGetValue(code, out var before))
            {
                _values[code] = [.. before, .. part];
                return;
            }
            _order.Add(code);
            _values[code] = part.ToArray();
        }
    }
}
