using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Alcor.Rpc;

/// <summary>Which sides of a call are streams.</summary>
public enum RpcMethodKind
{
    Unary,
    ClientStream,
    ServerStream,
    Duplex,
}

/// <summary>
/// A method of a service: its path on the wire, <c>/package.Service/Method</c>, its kind, and the types of its
/// messages.
/// </summary>
public sealed class RpcMethod<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    /// <summary>A method that no descriptor is at hand for.</summary>
    /// <exception cref="ArgumentException">The path does not read <c>/package.Service/Method</c>.</exception>
    public RpcMethod(string path, RpcMethodKind kind)
    {
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('/');
        if (parts.Length != 3 || parts[0].Length > 0 || !IsName(parts[1]) || !IsName(parts[2]))
        {
            throw new ArgumentException($"'{path}' is not of the form /package.Service/Method", nameof(path));
        }

        Path = path;
        Kind = kind;
    }

    /// <summary>The method that generated code describes.</summary>
    /// <exception cref="ArgumentException">
    /// The description has other message types than <typeparamref name="TRequest"/> and <typeparamref
    /// name="TResponse"/>.
    /// </exception>
    public RpcMethod(MethodDescriptor descriptor)
        : this(PathOf(descriptor), KindOf(descriptor))
    {
        Require(descriptor, descriptor.InputType, typeof(TRequest));
        Require(descriptor, descriptor.OutputType, typeof(TResponse));
    }

    /// <summary>The method called <paramref name="name"/> of a service that generated code describes.</summary>
    /// <exception cref="ArgumentException">No such method, or other message types.</exception>
    public RpcMethod(ServiceDescriptor service, string name)
        : this(Find(service, name))
    {
    }

    public string Path { get; }

    public RpcMethodKind Kind { get; }

    internal MessageParser<TRequest> RequestParser { get; } = new(() => new TRequest());

    internal MessageParser<TResponse> ResponseParser { get; } = new(() => new TResponse());

    public override string ToString() => Path;

    internal void RequireKind(params ReadOnlySpan<RpcMethodKind> kinds)
    {
        if (!kinds.Contains(Kind))
        {
            throw new ArgumentException($"{Path} is a {Kind} method");
        }
    }

    private static bool IsName(string part) =>
        part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');

    private static MethodDescriptor Find(ServiceDescriptor service, string name)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service.FindMethodByName(name)
            ?? throw new ArgumentException($"{service.FullName} has no method {name}", nameof(name));
    }

    private static string PathOf(MethodDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return $"/{descriptor.Service.FullName}/{descriptor.Name}";
    }

    private static RpcMethodKind KindOf(MethodDescriptor descriptor) =>
        (descriptor.IsClientStreaming, descriptor.IsServerStreaming) switch
        {
            (false, false) => RpcMethodKind.Unary,
            (true, false) => RpcMethodKind.ClientStream,
            (false, true) => RpcMethodKind.ServerStream,
            (true, true) => RpcMethodKind.Duplex,
        };

    private static void Require(MethodDescriptor method, MessageDescriptor message, Type type)
    {
        if (message.ClrType != type)
        {
            throw new ArgumentException($"{method.FullName} carries {message.FullName}, which is not {type}");
        }
    }
}
