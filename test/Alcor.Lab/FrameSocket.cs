using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Alcor.Lab;

/// <summary>
/// Ethernet frames, byte by byte, at all interfaces of a network namespace (packet(7)): what is sent here an interface
/// sends, and what an interface receives is received here. Without the checksum that ends a frame. Not thread-safe.
/// </summary>
public sealed partial class FrameSocket : IDisposable
{
    // sockaddr_ll of packet(7): where its fields begin, and how long it is.
    private const int IndexAt = 4;
    private const int KindAt = 10;
    private const int AddressLength = 20;

    private const int EveryProtocol = 0x0300; // ETH_P_ALL in the order of bytes on the wire
    private const byte Outgoing = 4;          // PACKET_OUTGOING: the copy of what was sent

    // PACKET_AUXDATA: behind the header of a control message, struct tpacket_auxdata with a status, and a tag at last.
    private const int PacketLevel = 263;
    private const int AuxiliaryData = 8;
    private const uint HasTag = 1 << 4;
    private const int ControlHeader = 16;
    private const int TagAt = ControlHeader + 16;
    private const int ControlLength = 64;

    private const int NamespaceOfNetwork = 0x4000_0000; // CLONE_NEWNET of setns(2)
    private readonly Socket _socket;
    private readonly Dictionary<string, int> _indexes;
    private readonly byte[] _buffer = new byte[ushort.MaxValue];
    private readonly byte[] _from = new byte[AddressLength];

    private FrameSocket(Socket socket, Dictionary<string, int> indexes)
    {
        (_socket, _indexes) = (socket, indexes);
    }

    /// <summary>Of the interfaces that the namespace has now.</summary>
    public static async Task<FrameSocket> OpenAsync(NetworkNamespace network)
    {
        using var links = JsonDocument.Parse(await network.RunAsync("ip", "-j", "link"));
        var indexes = links.RootElement.EnumerateArray().ToDictionary(
            link => link.GetProperty("ifname").GetString()!, link => link.GetProperty("ifindex").GetInt32());
        return new FrameSocket(Within(network), indexes);
    }

    /// <summary>Interfaces have numbers, by which sending and receiving go.</summary>
    public int IndexOf(string device) => _indexes[device];

    public void Send(int index, ReadOnlySpan<byte> frame)
    {
        var to = new SocketAddress(AddressFamily.Packet, AddressLength);
        MemoryMarshal.Write(to.Buffer.Span[IndexAt..], index);
        _socket.SendTo(frame, SocketFlags.None, to);
    }

    /// <summary>Null: nothing came in this time.</summary>
    public (int Index, byte[] Frame)? Receive(TimeSpan patience)
    {
        while (_socket.Poll(patience, SelectMode.SelectRead))
        {
            var length = ReceiveWithTag(out var tag);
            if (_from[KindAt] == Outgoing)
                continue;
            var frame = _buffer.AsSpan(0, length);
            return (MemoryMarshal.Read<int>(_from.AsSpan(IndexAt)), [.. frame[..12], .. tag, .. frame[12..]]);
        }
        return null;
    }

    /// <summary>Linux takes the tag of a VLAN off a frame that comes in, and tells it beside the frame.</summary>
    private unsafe int ReceiveWithTag(out byte[] tag)
    {
        var control = stackalloc byte[ControlLength];
        fixed (byte* name = _from, buffer = _buffer)
        {
            var part = new Part { At = buffer, Length = (nuint)_buffer.Length };
            var message = new Message
            {
                Name = name, NameLength = AddressLength, Parts = &part, PartsLength = 1,
                Control = control, ControlLength = ControlLength,
            };
            var length = (int)ReceiveMessage(_socket.SafeHandle, ref message, 0);
            if (length < 0)
                throw new SocketException(Marshal.GetLastPInvokeError());
            var told = new ReadOnlySpan<byte>(control, (int)message.ControlLength);
            var isTagged = told.Length > TagAt + 4
                && (MemoryMarshal.Read<uint>(told[ControlHeader..]) & HasTag) != 0;
            tag = [];
            if (isTagged)
            {
                tag = new byte[4];
                BinaryPrimitives.WriteUInt16BigEndian(tag, MemoryMarshal.Read<ushort>(told[(TagAt + 2)..]));
                BinaryPrimitives.WriteUInt16BigEndian(tag.AsSpan(2), MemoryMarshal.Read<ushort>(told[TagAt..]));
            }
            return length;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// A socket stays in the namespace of the thread that made it; that thread, which has left its own, ends.
    /// </summary>
    private static Socket Within(NetworkNamespace network)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{network.Name}");
                if (SetNamespace(file, NamespaceOfNetwork) != 0)
                    throw new CommandFailedException($"setns {network.Name}: {Marshal.GetLastPInvokeErrorMessage()}");
                socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)EveryProtocol);
                socket.SetRawSocketOption(PacketLevel, AuxiliaryData, [1, 0, 0, 0]);
            }
            catch (Exception error) when (error is IOException or SocketException or CommandFailedException)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new CommandFailedException($"no socket in {network.Name}", failure);
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReceiveMessage(SafeSocketHandle socket, ref Message message, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNamespace(SafeFileHandle file, int kind);

    /// <summary>struct msghdr of recvmsg(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Message
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartsLength;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Part
    {
        public void* At;
        public nuint Length;
    }
}
