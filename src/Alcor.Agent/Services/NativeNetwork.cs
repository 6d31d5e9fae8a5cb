using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Alcor.Agent.Services;

/// <summary>What Linux does about network namespaces and interfaces and .NET has no words for.</summary>
internal static partial class NativeNetwork
{
    private const int CloneNewNet = 0x4000_0000; // setns(2)
    private const nuint SetByEthtool = 0x8946;   // ioctl SIOCETHTOOL, netdevice(7)
    private const int NameLength = 16;           // struct ifreq

    // linux/ethtool.h: of frames that are sent, checksums and the two ways to cut them late; of those received, one
    // way to put them together.
    private static readonly uint[] Offloads = [0x17, 0x1f, 0x24, 0x2c];

    /// <summary>
    /// Does something in a network namespace, on a thread of its own that ends with it: a thread of the pool would
    /// carry the namespace to whatever it does next. Sockets that are made there stay there.
    /// </summary>
    /// <exception cref="IOException">There is no such namespace, or it may not be entered.</exception>
    public static Task<T> InsideAsync<T>(string path, Func<T> act)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Enter(path);
                done.SetResult(act());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return done.Task;
    }

    /// <summary>Whether the namespace of the calling thread has an interface of that name.</summary>
    public static bool HasInterface(string name) => InterfaceIndex(name) != 0;

    /// <summary>
    /// Frames of an interface have their checksums and their final length: a switch in userspace reads them as they
    /// are.
    /// </summary>
    /// <exception cref="IOException">The interface will not.</exception>
    public static void OffloadsOff(string name)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var value = Marshal.AllocHGlobal(8);
        try
        {
            foreach (var offload in Offloads)
            {
                Marshal.WriteInt32(value, (int)offload);
                Marshal.WriteInt32(value, 4, 0);
                var request = new InterfaceRequest { Data = value };
                request.SetName(name);
                if (Control((int)socket.Handle, SetByEthtool, ref request) != 0)
                    throw Failure($"offloads of {name}");
            }
        }
        finally
        {
            Marshal.FreeHGlobal(value);
        }
    }

    private static void Enter(string path)
    {
        using var handle = File.OpenHandle(path);
        if (SetNamespace(handle, CloneNewNet) != 0)
            throw Failure($"network namespace {path}");
    }

    private static IOException Failure(string what) =>
        new($"{what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint InterfaceIndex(string name);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int socket, nuint request, ref InterfaceRequest argument);

    /// <summary>struct ifreq: a name, and a union of which only the pointer is of interest.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    private struct InterfaceRequest
    {
        private unsafe fixed byte _name[NameLength];
        public nint Data;

        public unsafe void SetName(string name)
        {
            if (name.Length >= NameLength)
                throw new ArgumentException($"an interface name has at most {NameLength - 1} characters: {name}");
            for (var at = 0; at < name.Length; at++)
                _name[at] = (byte)name[at];
        }
    }
}
