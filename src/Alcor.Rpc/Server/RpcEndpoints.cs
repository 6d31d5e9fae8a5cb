using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Alcor.Rpc;

/// <summary>
/// Serves methods as endpoints of ASP.NET Core. A path that nothing is mapped to gets HTTP's 404, which is
/// UNIMPLEMENTED to a gRPC client. The listener has to speak HTTP/2 (without TLS: HTTP/2 only, by prior knowledge).
/// </summary>
public static class RpcEndpoints
{
    /// <summary>Keep-alive pings, so that a client that died silently is noticed and its calls are cancelled.</summary>
    public static void ConfigureRpc(this KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.Limits.Http2.KeepAlivePingDelay = RpcLimits.KeepAlivePingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = RpcLimits.KeepAlivePingTimeout;
    }

    /// <summary>One request, one response.</summary>
    public static IEndpointConventionBuilder MapUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<TRequest, RpcContext, Task<TResponse>> handler,
        RpcServerOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        return Map(endpoints, method, RpcMethodKind.Unary, options, async (call, context) =>
        {
            var request = await call.ReadSingleAsync(context.CancellationToken);
            await call.SendLastAsync(await handler(request, context), context.CancellationToken);
        });
    }

    /// <summary>A stream of requests, one response. The handler may answer before the stream has ended.</summary>
    public static IEndpointConventionBuilder MapClientStream<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<IAsyncEnumerable<TRequest>, RpcContext, Task<TResponse>> handler,
        RpcServerOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        return Map(endpoints, method, RpcMethodKind.ClientStream, options, async (call, context) =>
        {
            var response = await handler(call.ReadAllAsync(context.CancellationToken), context);
            await call.SendLastAsync(response, context.CancellationToken);
        });
    }

    /// <summary>One request, a stream of responses that ends when the handler does.</summary>
    public static IEndpointConventionBuilder MapServerStream<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<TRequest, IRpcWriter<TResponse>, RpcContext, Task> handler,
        RpcServerOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        return Map(endpoints, method, RpcMethodKind.ServerStream, options, async (call, context) =>
            await handler(await call.ReadSingleAsync(context.CancellationToken), call.Writer, context));
    }

    /// <summary>
    /// Streams both ways, at their own pace. The requests may be enumerated once; they end with the client's
    /// half-close.
    /// </summary>
    public static IEndpointConventionBuilder MapDuplex<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        Func<IAsyncEnumerable<TRequest>, IRpcWriter<TResponse>, RpcContext, Task> handler,
        RpcServerOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        return Map(endpoints, method, RpcMethodKind.Duplex, options, async (call, context) =>
            await handler(call.ReadAllAsync(context.CancellationToken), call.Writer, context));
    }

    private static IEndpointConventionBuilder Map<TRequest, TResponse>(
        IEndpointRouteBuilder endpoints,
        RpcMethod<TRequest, TResponse> method,
        RpcMethodKind kind,
        RpcServerOptions? options,
        Func<ServerCall<TRequest, TResponse>, RpcContext, Task> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(method);
        method.RequireKind(kind);
        var chosen = options ?? new RpcServerOptions();
        return endpoints
            .MapPost(method.Path, http => new ServerCall<TRequest, TResponse>(http, method, chosen).RunAsync(handler))
            .WithDisplayName($"gRPC {method.Path}");
    }
}
